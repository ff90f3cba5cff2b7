/** Something a store sells. */
export interface Good {
  readonly itemId: string;
  readonly description: string;
  readonly unitPriceMinor: number;
  /** Sold by kilogram or pound. */
  readonly byWeight: boolean;
  readonly taxed: boolean;
}

type Shelf = readonly [Good, ...Good[]];

const piece = (itemId: string, description: string, unitPriceMinor: number, taxed = false): Good => ({
  itemId,
  description,
  unitPriceMinor,
  byWeight: false,
  taxed,
});

const weighed = (itemId: string, description: string, unitPriceMinor: number): Good => ({
  itemId,
  description,
  unitPriceMinor,
  byWeight: true,
  taxed: false,
});

/** Goods of the Chinese supermarket; prices in fen, tax included. */
export const cnGoods: Shelf = [
  piece("6901000110017", "可乐 500ml", 350),
  piece("6901000110024", "矿泉水 550ml", 200),
  piece("6901000120016", "纯牛奶 1L", 1290),
  piece("6901000120023", "酸奶 8连杯", 1680),
  piece("6901000130015", "五常大米5kg", 6990),
  piece("6901000130022", "挂面 1kg", 880),
  piece("6901000140014", "菜籽油 5L", 7490),
  piece("6901000140021", "生抽 500ml", 990),
  piece("6901000150013", "抽纸 3层x6包", 2180),
  piece("6901000150020", "洗衣液 2kg", 2990),
  piece("6901000160012", "鲜鸡蛋 30枚", 2580),
  piece("6901000160029", "面包 400g", 750),
  weighed("2100016", "红富士苹果", 1198),
  weighed("2100023", "香蕉", 698),
  weighed("2100030", "西红柿", 596),
  weighed("2100047", "猪五花肉", 3280),
  weighed("2100054", "大白菜", 236),
];

/** The bag at the Chinese till, on nearly every receipt. */
export const cnBag: Good = piece("6900000000014", "购物袋(大)", 30);

/** Goods of the US grocery; prices in cents, tax added where marked. */
export const usGoods: Shelf = [
  piece("007874235186", "WHOLE MILK 1GL", 348),
  piece("004400003327", "COOKIES 14OZ", 399),
  piece("003700088218", "LAUNDRY PODS 42CT", 1297, true),
  piece("004900000634", "COLA 12PK", 698, true),
  piece("007203600012", "WHITE BREAD", 289),
  piece("001600027527", "CORN CEREAL 18OZ", 479),
  piece("004460031216", "BLEACH 81OZ", 549, true),
  piece("007092047416", "EGGS LARGE 12CT", 412),
  piece("002100061161", "MAC CHEESE 7OZ", 125),
  piece("003600047825", "PAPER TOWELS 6CT", 1149, true),
  weighed("000000004011", "BANANAS", 58),
  weighed("000000004065", "GREEN PEPPERS", 189),
  weighed("000000004087", "ROMA TOMATOES", 149),
  weighed("000000003283", "HONEYCRISP APPLES", 299),
];

/**
 * How a page of receipts looks. Sizes are in `ch`, the width of a digit, so that the paper is a grid of columns in any monospaced font;
 * the small font of a printer has 9 dots to the 12 of the standard one.
 */
export const pageStyle = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;padding:2rem 1rem 4rem;background:#eceae4;color:#2b2a27;font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK SC",sans-serif}
main{display:flex;flex-direction:column;gap:3rem;align-items:center}
article{width:100%;display:flex;flex-wrap:wrap;gap:2rem;align-items:flex-start;justify-content:center;max-width:100%}
header{flex:0 1 24rem;min-width:16rem}
h1{overflow-wrap:anywhere;margin:0 0 .5rem;font-size:1.3rem;line-height:1.3}
.verdict{display:inline-block;margin:0 0 1rem;padding:.1rem .7rem;border-radius:1rem;font-size:.85rem;background:#dedbd2}
.good{background:#d6ebd5;color:#1c4a1e}
.bad{background:#f7d9d3;color:#7d1d0d}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0}
dt{color:#77736a}
dd{margin:0;overflow-wrap:anywhere}
.notes{margin:1rem 0 0;padding:.6rem .9rem .6rem 1.8rem;border-left:3px solid #c9563f;background:#fbf1ee}
.paper{max-width:100%;overflow-x:auto;padding:2.2em 2.4em;background:#fffefb;color:#1b1a18;box-shadow:0 1px 2px #0002,0 8px 24px #0001;font:14px/2.5ch Consolas,Menlo,"DejaVu Sans Mono","Liberation Mono",monospace;font-variant-ligatures:none;font-kerning:none}
.paper[lang=zh-CN]{font-family:"Noto Sans Mono CJK SC","Sarasa Mono SC","NSimSun",Consolas,Menlo,"DejaVu Sans Mono",monospace}
.paper[lang=ja]{font-family:"Noto Sans Mono CJK JP","Sarasa Mono J","MS Gothic",Consolas,Menlo,"DejaVu Sans Mono",monospace}
.line{white-space:pre;display:flex;align-items:flex-end}
.small{font-size:75%}
.line>span{flex:none}
.left{text-align:left;justify-content:flex-start}
.center{text-align:center;justify-content:center}
.right{text-align:right;justify-content:flex-end}
i{display:inline-block;font-style:normal;text-align:center;white-space:pre}
.w{width:2ch}
.n{width:1ch;overflow-x:clip}
.b{font-weight:700}
.u,.u *{text-decoration:underline;text-underline-offset:.2em}
.v{background:#1b1a18;color:#fffefb}
.r{color:#b3261e}
.v.r{background:#b3261e;color:#fffefb}
.big{display:inline-block;vertical-align:bottom;overflow:visible;text-align:left}
.big>span{display:inline-block;transform-origin:0 0}
.over{position:relative;display:inline-block}
.at{position:absolute;bottom:0}
img,.code{display:inline-block;max-width:100%;vertical-align:bottom;image-rendering:pixelated;shape-rendering:crispEdges;margin:.3em 0}
.symbol{display:inline-flex;flex-direction:column;align-items:center;max-width:100%}
.hri{white-space:pre-wrap;overflow-wrap:anywhere;text-align:center}
.box{display:inline-block;border:1px dashed #8a857a;padding:.1em .8em;color:#6b665c;overflow-wrap:anywhere;text-align:left}
.cut{margin:1.2em -2.4em 0;border-top:2px dashed #b9b4a7}
.cut:last-child{margin-bottom:-.4em}
.mark{color:#a63a24;font-size:85%;text-align:center;border-bottom:1px solid #eccfc8;margin:.3em 0}
@media print{body{background:none;padding:0}.paper{box-shadow:none;border:1px solid #ccc}article{break-inside:avoid}}
`.trim();

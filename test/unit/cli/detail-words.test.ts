import { expect, test } from "vitest";
import { detailWords } from "../../../agent/cli/detail-words.ts";

test.each([
  [
    "connect ECONNREFUSED 127.0.0.1:1883",
    "127.0.0.1:1883: refused, nothing listens there, ECONNREFUSED",
    /^127\.0\.0\.1:1883: 对方拒绝连接/,
  ],
  [
    "getaddrinfo ENOTFOUND broker.example",
    "broker.example: there is no host of that name, ENOTFOUND",
    /没有这个主机名/,
  ],
  [
    "cannot listen on 0.0.0.0:9100: EADDRINUSE",
    "cannot listen on 0.0.0.0:9100: the port is taken, EADDRINUSE",
    /^不能监听 0\.0\.0\.0:9100: 端口已被占用/,
  ],
  [
    "/dev/ttyS9: No such file or directory",
    "/dev/ttyS9: there is no such file or folder, ENOENT",
    /^\/dev\/ttyS9: 没有这个文件/,
  ],
  ["/dev/ttyS9: Permission denied", "/dev/ttyS9: this user has no permission, EACCES", /没有权限/],
  [
    "/srv/out: ENOENT: no such file or directory, scandir '/srv/out'",
    "/srv/out: there is no such file or folder, ENOENT",
    /^\/srv\/out: 没有这个文件/,
  ],
  [
    "EAFNOSUPPORT, Address family not supported by protocol",
    "the kernel does not have it, EAFNOSUPPORT",
    /^系统内核没有这项支持/,
  ],
  [
    "no printer at 192.0.2.9:9100: connect EHOSTUNREACH",
    "no printer at 192.0.2.9:9100: connect EHOSTUNREACH",
    /^连不上打印机 192\.0\.2\.9:9100: /,
  ],
  ["/dev/null: this is no serial port", "/dev/null: this is no serial port", /^\/dev\/null: 这不是串口$/],
  ["no device that fits is plugged in", "no device that fits is plugged in", /^没有插入符合配置的设备$/],
  ["nothing heard since 10:02", "nothing heard since 10:02", /^nothing heard since 10:02$/],
])("%j is told in words", (detail, english, chinese) => {
  expect(detailWords(detail, "en")).toBe(english);
  expect(detailWords(detail, "zh-CN")).toMatch(chinese);
});

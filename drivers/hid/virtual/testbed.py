"""Plugs virtual HID devices into an umockdev test bed. Runs under umockdev-wrapper.

Says {"root": folder} once; then takes one command a line on standard input and answers each with one line, {} or {"error": text}.
A process with LD_PRELOAD=libumockdev-preload.so.0 and UMOCKDEV_DIR=folder sees the devices through the kernel's own interfaces. Ends when
standard input does.

    {"plug": {"port": "1-2", "vendorId": 1, "productId": 2, "serial": "", "manufacturer": "", "product": "",
              "breaks": false, "nodes": [{"node": 0, "descriptor": "05..."}]}}
    {"unplug": {"port": "1-2"}}
    {"report": {"node": 0, "hex": "02..."}}
"""

import fcntl
import json
import os
import pty
import stat
import struct
import sys
import termios
import time
import tty

import gi

gi.require_version("UMockdev", "1.0")
from gi.repository import UMockdev  # noqa: E402

DESCRIPTOR_BYTES = 4096
READ_WITHIN_S = 2.0

bed = UMockdev.Testbed.new()
plugged = 0
writers = {}
nodes_of = {}


def plug(device):
    global plugged
    port, vid, pid = device["port"], device["vendorId"], device["productId"]
    usb = f"/devices/pci0000:00/0000:00:14.0/usb1/{port}"
    lines = [
        f"P: {usb}",
        "E: DEVTYPE=usb_device",
        "E: SUBSYSTEM=usb",
        f"A: idVendor={vid:04x}\\n",
        f"A: idProduct={pid:04x}\\n",
        "A: bcdDevice=0100\\n",
    ]
    lines += [f"A: {key}={device[key]}\\n" for key in ("serial", "manufacturer", "product") if device[key]]
    for number, node in enumerate(device["nodes"]):
        # As in the kernel, the last number is never used again: umockdev has no place for two devices of one name.
        plugged += 1
        interface = f"{usb}/{port}:1.{number}"
        hid = f"{interface}/0003:{vid:04X}:{pid:04X}.{plugged:04X}"
        lines += [
            "",
            f"P: {interface}",
            "E: DEVTYPE=usb_interface",
            "E: SUBSYSTEM=usb",
            f"A: bInterfaceNumber={number:02x}\\n",
            "",
            f"P: {hid}",
            "E: SUBSYSTEM=hid",
            f"E: HID_ID=0003:{vid:08X}:{pid:08X}",
            f"E: HID_NAME={device['manufacturer']} {device['product']}",
            f"E: HID_UNIQ={device['serial']}",
            f"E: HID_PHYS=usb-0000:00:14.0-{port.split('-', 1)[1]}/input{number}",
            f"H: report_descriptor={node['descriptor']}",
            "",
            f"P: {hid}/hidraw/hidraw{node['node']}",
            f"E: DEVNAME=/dev/hidraw{node['node']}",
            "E: SUBSYSTEM=hidraw",
            f"A: dev=240:{node['node']}\\n",
            f"L: device=../../../{os.path.basename(hid)}",
        ]
    # A driver opens a device as soon as it sees it: first what it opens, then the device.
    for node in device["nodes"]:
        (make_terminal if device["breaks"] else make_pipe)(node["node"])
        answer_descriptor(node["node"], bytes.fromhex(node["descriptor"]))
    nodes_of[port] = [node["node"] for node in device["nodes"]]
    if not bed.add_from_string("\n".join(lines) + "\n\n"):
        raise RuntimeError("umockdev takes no such device")


def answer_descriptor(node, descriptor):
    """HIDIOCGRDESCSIZE and HIDIOCGRDESC (hidraw.h): what hidapi asks when it opens."""
    size = struct.pack("<I", len(descriptor))
    path = os.path.join(bed.get_root_dir(), f"hidraw{node}.ioctl")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"@DEV /dev/hidraw{node}\n")
        file.write(f"HIDIOCGRDESCSIZE 0 {size.hex().upper()}\n")
        file.write(f"HIDIOCGRDESC 0 {(size + descriptor.ljust(DESCRIPTOR_BYTES, bytes(1))).hex().upper()}\n")
    bed.load_ioctl(f"/dev/hidraw{node}", path)


def make_pipe(node):
    """The device file: a pipe in packet mode (pipe(2), O_DIRECT). umockdev's own terminal would join reports that follow each other."""
    path = os.path.join(bed.get_root_dir(), "dev", f"hidraw{node}")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.mkfifo(path)
    writers[node] = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    fcntl.fcntl(writers[node], fcntl.F_SETFL, os.O_NONBLOCK | os.O_DIRECT)


def make_terminal(node):
    """A device file that breaks when the device is unplugged, as a real one does; reports that follow each other at once are joined."""
    writers[node], slave = pty.openpty()
    tty.setraw(slave)
    path = os.path.join(bed.get_root_dir(), "dev", f"hidraw{node}")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.symlink(os.ttyname(slave), path)
    os.close(slave)


def unplug(device):
    nodes = nodes_of.pop(device["port"])
    for node in nodes:
        os.close(writers.pop(node))
    path = f"/sys/devices/pci0000:00/0000:00:14.0/usb1/{device['port']}"
    bed.uevent(path, "remove")
    bed.remove_device(path)
    for node in nodes:
        os.unlink(os.path.join(bed.get_root_dir(), "dev", f"hidraw{node}"))


def report(command):
    writer = writers[command["node"]]
    os.write(writer, bytes.fromhex(command["hex"]))
    deadline = time.monotonic() + READ_WITHIN_S
    while struct.unpack("I", fcntl.ioctl(writer, termios.FIONREAD, bytes(4)))[0] > 0:
        if time.monotonic() > deadline and take_back(writer):
            raise RuntimeError("nobody reads the device")
        time.sleep(0.001)


def take_back(writer):
    """Whoever opens a real device later does not get what it sent before. False when it was read at the last moment."""
    if not stat.S_ISFIFO(os.fstat(writer).st_mode):
        return True
    taken = False
    try:
        while os.read(writer, 4096):
            taken = True
    except BlockingIOError:
        pass
    return taken


commands = {"plug": plug, "unplug": unplug, "report": report}


def say(answer):
    print(json.dumps(answer), flush=True)


say({"root": bed.get_root_dir()})
for line in sys.stdin:
    try:
        for name, parameters in json.loads(line).items():
            commands[name](parameters)
        say({})
    except Exception as error:  # pylint: disable=broad-exception-caught
        say({"error": str(error)})

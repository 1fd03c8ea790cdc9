"""JUnit files: suites and cases, counted, and with nothing in them that XML forbids."""

from typing import Literal
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cimnet_nornir.reports.words import visible

Verdict = Literal["failure", "error", "skipped"]
_COUNTED: tuple[tuple[str, Verdict], ...] = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))


def new_root(name: str) -> Element:
    """The document's root; it is empty until `add_suite`."""
    return Element("testsuites", {"name": visible(name)})


def add_suite(root: Element, name: str) -> Element:
    """A suite of cases."""
    return SubElement(root, "testsuite", {"name": visible(name)})


def add_case(suite: Element, classname: str, name: str, *, seconds: float | None = None) -> Element:
    """A case, which has passed unless `judge` says otherwise."""
    case = SubElement(suite, "testcase", {"classname": visible(classname), "name": visible(name)})
    if seconds is not None:
        case.set("time", f"{seconds:.3f}")
    return case


def judge(case: Element, verdict: Verdict, message: str, *, kind: str = "", text: str = "") -> None:
    """Say that a case failed, could not be run, or was skipped, and why."""
    element = SubElement(case, verdict, {"message": visible(message)})
    if kind:
        element.set("type", visible(kind))
    if text:
        element.text = visible(text)


def print_out(case: Element, text: str) -> None:
    """What the case has to show besides; nothing where the text is empty."""
    if text:
        SubElement(case, "system-out").text = visible(text)


def document(root: Element) -> str:
    """The whole file, with the cases counted."""
    for suite in root:
        suite.set("tests", str(len(suite)))
        for key, verdict in _COUNTED:
            suite.set(key, str(len(suite.findall(f"testcase/{verdict}"))))
    for key in ("tests", *(key for key, _ in _COUNTED)):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"

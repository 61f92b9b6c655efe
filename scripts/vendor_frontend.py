"""Fetches the design system from npm and leaves in static/vendor only what a charity may use.

Run it by hand after changing a version below, and commit what it writes::

    python3 scripts/vendor_frontend.py

It needs `npm` and writes the ready-made style sheets of GOV.UK Frontend and of the Ministry of Justice, and the script
of GOV.UK Frontend. Only the GOV.UK site may show the GDS Transport font and the royal arms, so both are taken out: the
font gives way to the fonts that a reader's system has, and every declaration that asks for a picture or a font file is
dropped. What remains asks the server for nothing, and this program stops with an error when that is not so.

Source: https://github.com/alphagov/govuk-frontend and https://github.com/ministryofjustice/moj-frontend, both MIT.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"

# govuk-frontend-jinja 4.1 writes the markup of exactly this version of GOV.UK Frontend.
GOVUK = "govuk-frontend@6.3.0"
MOJ = "@ministryofjustice/frontend@11.1.0"

SYSTEM_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif'

# The packages carry no licence file, only the word MIT, so the notices of their repositories are repeated here.
COPYRIGHTS = {
    GOVUK: "Copyright (C) 2017 Crown Copyright (Government Digital Service)",
    MOJ: "Copyright (c) 2021 dxw",
}

MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


class UnexpectedPackage(Exception):
    """A package differs from what this script knows how to clean, so a person has to look at it."""


def fetch(package: str, folder: Path) -> Path:
    """Downloads and unpacks one npm package.

    Args:
        package: The name and exact version, as npm writes them.
        folder: Where the archive and its contents may lie.

    Returns:
        The folder that holds the files of the package.

    Raises:
        UnexpectedPackage: The package is no longer under the MIT licence.
    """
    place = folder / re.sub(r"\W+", "-", package)
    place.mkdir()
    result = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=place, check=True, stdout=subprocess.PIPE, text=True
    )
    with tarfile.open(place / result.stdout.split()[-1]) as archive:
        archive.extractall(place, filter="data")
    contents = place / "package"
    if json.loads((contents / "package.json").read_text("utf-8"))["license"] != "MIT":
        raise UnexpectedPackage(f"{package} is no longer under the MIT licence.")
    return contents


def clean_css(css: str) -> str:
    """Takes fonts, pictures and source maps out of a minified style sheet.

    Args:
        css: A style sheet without nested rules, as both packages publish it.

    Returns:
        A style sheet that asks the server for no other file.

    Raises:
        UnexpectedPackage: Something is left that asks for a file or names the font.
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"@font-face\{[^{}]*\}", "", css)
    # The arms in the footer are a mask over a filled box, so without the picture the whole rule has to go.
    css = re.sub(r"[^{}]*\.govuk-footer__copyright-logo[^{}]*\{[^{}]*\}", "", css)
    css = re.sub(r"[\w-]+:[^;{}]*url\([^;{}]*(;|(?=\}))", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", SYSTEM_FONTS)
    # The style sheet of the Ministry brings an older version mark along, which would hide the true one.
    css = css.replace(':root{--govuk-frontend-version:"6.1.0"}', "")
    # What was emptied above is removed, from the inside out.
    while (smaller := re.sub(r"[^{};]+\{\}", "", css)) != css:
        css = smaller
    for trace in ("url(", "Transport", "@font-face", "@import", "/assets"):
        if trace in css:
            raise UnexpectedPackage(f"“{trace}” is still in a cleaned style sheet.")
    if css.count("{") != css.count("}"):
        raise UnexpectedPackage("The braces of a cleaned style sheet do not match.")
    return css.strip() + "\n"


def clean_script(script: str) -> str:
    """Takes the pointer to the source map out of a minified script, as the map is not vendored."""
    return re.sub(r"//# sourceMappingURL=\S*\s*$", "", script).strip() + "\n"


def write(name: str, package: str, text: str) -> None:
    """Writes one vendored file; a style sheet or script says at its head where it comes from."""
    if not name.endswith(".txt"):
        licence = f"{name.split('.', maxsplit=1)[0]}.LICENCE.txt"
        head = f"/* {package}, MIT, see {licence}; changed by scripts/vendor_frontend.py */\n"
        # A charset rule counts only as the very first thing in a file, and the server sends the charset anyway.
        text = head + text.removeprefix('@charset "UTF-8";')
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / name).write_text(text, "utf-8")
    print(f"static/vendor/{name}: {len(text.encode()):,} bytes")


def main() -> int:
    """Fetches both packages and writes everything that is vendored.

    Returns:
        0 when all files are written, 1 when a package is not as expected.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            govuk = fetch(GOVUK, folder) / "dist" / "govuk"
            moj = fetch(MOJ, folder) / "moj"
            govuk_css = clean_css((govuk / "govuk-frontend.min.css").read_text("utf-8"))
            moj_css = clean_css((moj / "moj-frontend.min.css").read_text("utf-8"))
        except UnexpectedPackage as problem:
            print(f"Nothing was written: {problem}", file=sys.stderr)
            return 1
        script = clean_script((govuk / "govuk-frontend.min.js").read_text("utf-8"))
    write("govuk-frontend.min.css", GOVUK, govuk_css)
    write("govuk-frontend.min.js", GOVUK, script)
    write("moj-frontend.min.css", MOJ, moj_css)
    for package, stem in ((GOVUK, "govuk-frontend"), (MOJ, "moj-frontend")):
        write(f"{stem}.LICENCE.txt", package, f"The MIT License ({package})\n\n{COPYRIGHTS[package]}\n\n{MIT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A certificate as a branch gets one from an authority, made here for a trial; needs `openssl`."""

from __future__ import annotations

from pathlib import Path

from installer.places import run

PASSWORD = "Gartenzaun"
_CURVE = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj", "/CN=CD")


def made(folder: Path) -> Path:
    """Certificate and key in one file that the password opens."""
    key, certificate, both = (folder / name for name in ("key.pem", "certificate.pem", "branch.p12"))
    run("openssl", "req", "-x509", *_CURVE, "-keyout", key, "-out", certificate, "-addext", "basicConstraints=CA:FALSE")
    run("openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", both, "-passout", f"pass:{PASSWORD}")
    both.chmod(0o644)
    return both

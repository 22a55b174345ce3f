import base64
import binascii
import hashlib
import hmac
import secrets
import zlib

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def my_b64encode(data: bytes) -> str:
    """Base64 by hand; compare with the standard library."""
    out = []
    for i in range(0, len(data), 3):
        chunk = data[i:i + 3]
        number = int.from_bytes(chunk.ljust(3, b"\0"), "big")
        digits = [ALPHABET[number >> shift & 63] for shift in (18, 12, 6, 0)]
        missing = 3 - len(chunk)
        out.append("".join(digits[:4 - missing]) + "=" * missing)
    return "".join(out)


def caesar(text, shift):
    table = str.maketrans(
        "".join(map(chr, range(97, 123))),
        "".join(chr((c - 97 + shift) % 26 + 97) for c in range(97, 123)),
    )
    return text.translate(table)


def store_password(password: str) -> str:
    salt = secrets.token_bytes(16)
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1000)
    return salt.hex() + "$" + key.hex()


def check_password(password: str, stored: str) -> bool:
    salt, key = (bytes.fromhex(part) for part in stored.split("$"))
    return hmac.compare_digest(key, hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1000))


for sample in (b"", b"f", b"fo", b"foobar", b"\xff\xfe\x00\x90\x90"):
    assert my_b64encode(sample) == base64.b64encode(sample).decode()
print(base64.b64decode("SGVsbG8sIHdvcmxkIQ==").decode())
print(hashlib.md5(b"hello").hexdigest(), hex(zlib.crc32(b"hello")))
print(binascii.hexlify(b"\xde\xad\xbe\xef"), caesar("uryyb", 13))
print(check_password("hunter2", store_password("hunter2")))

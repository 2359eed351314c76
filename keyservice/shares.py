"""A secret in n shares of which any k rebuild it, and fewer tell nothing: Shamir's scheme as SLIP-39 writes it.

A share is a line of 33 words with a checksum, which a person can copy from paper. The arithmetic is that of the
reference implementation, `shamir_mnemonic`.
"""

import secrets

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

SECRET_BYTES = 32
MOST_SHARES = 16


class WrongShares(Exception):
    """These shares do not rebuild the secret. `position`: of the one that is wrong, from 0; None when it is not one."""

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.position = position


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def split(secret: bytes, *, threshold: int, shares: int) -> list[str]:
    """Lines of words, any `threshold` of which rebuild the secret. Raises ValueError for impossible numbers."""
    if not 2 <= threshold <= shares <= MOST_SHARES:
        raise ValueError(f"{threshold} of {shares}: at least 2, and at most {MOST_SHARES} shares")
    return generate_mnemonics(1, [(threshold, shares)], secret)[0]


def cleaned(words: str) -> str:
    """What somebody typed from paper: capitals, numbers of the words, commas and line ends do not matter."""
    letters = "".join(sign if sign.isalpha() else " " for sign in words.lower())
    return " ".join(letters.split())


def combine(lines: list[str]) -> bytes:
    """The secret of these shares. Raises WrongShares, which names a mistyped one by its position."""
    lines = [cleaned(line) for line in lines]
    known: list[Share] = []
    for position, line in enumerate(lines):
        try:
            known.append(Share.from_mnemonic(line))
        except (MnemonicError, KeyError, ValueError) as error:
            raise WrongShares(str(error), position) from None
    if len({share.identifier for share in known}) > 1:
        raise WrongShares("these shares are not of one ceremony")
    needed = known[0].member_threshold if known else 0
    different = {share.index: line for share, line in zip(known, lines, strict=True)}
    if len(different) < needed:
        raise WrongShares(f"{len(different)} different shares of the {needed} that are needed")
    try:
        return combine_mnemonics(list(different.values())[:needed])
    except MnemonicError as error:
        raise WrongShares(str(error)) from None

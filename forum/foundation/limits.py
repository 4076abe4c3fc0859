"""How often one address or one person may do a thing."""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, ip_address, ip_network

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# Providers give a household or a server 2^64 IPv6 addresses at least.
HOUSEHOLD = 64


def neighbourhood() -> str:
    """The address that asks; of an IPv6 address the network, for the rest of it is its holder's to change."""
    asking = get_remote_address()
    try:
        address = ip_address(asking)
    except ValueError:
        return asking
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, HOUSEHOLD), strict=False))
    return str(address)


def seconds_to_wait() -> int:
    """Until the limit that was just passed counts anew."""
    passed = limiter.current_limit
    return max(1, math.ceil(passed.reset_at - time.time())) if passed else 60


limiter = Limiter(key_func=neighbourhood, headers_enabled=False)

# Guessing a password: 10 tries in 5 minutes leave a person room and a machine none.
SIGN_IN = "10 per 5 minutes"
# The same from everywhere together, for one account; a letter to choose a new password still lets its person in.
GUESSES_AT_ONE = "100 per hour"
# Mails sent to an address somebody typed.
MAIL = "5 per 10 minutes"
# The same from everywhere together, to one address.
MAIL_TO_ONE = "10 per hour"
# New accounts from one address; a classroom or an office shares one.
JOIN = "20 per hour"
# A fast writer posts twice a minute; this stops scripts.
WRITE = "20 per minute"
# Reports of illegal content: few are ever sent, and each is read before anything else.
REPORT = "5 per 10 minutes;20 per day"
PREVIEW = "60 per minute"
# An open composer keeps its words every 5 seconds; somebody writes in several. Counted for each member.
DRAFT = "60 per minute"
# One with every letter after an @. Counted for each member.
SUGGEST = "120 per minute"
# Ten pictures dropped into a text at once are sent one after another; each may take seconds of work.
PICTURE = "10 per minute;60 per hour"
# Going through a long discussion, a reader presses a heart every few seconds.
MARK = "60 per minute"
SEARCH = "60 per minute"

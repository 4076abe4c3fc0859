"""What spam and honest comments are like anywhere, written by hand: where a site has decided little, it helps a little.

Each counts as one comment. After some dozens of decisions of the site's own nothing is to be seen of them.
"""

from __future__ import annotations

from typing import Final

SPAM: Final = (
    "Earn money from home, 500 dollars a day guaranteed! Click here http://earn-now.example",
    "Check out my new channel and subscribe please!!!",
    "Cheap pills online, no prescription, free shipping https://pills.example",
    "Best casino bonus, free spins, win cash today www.casino.example",
    "I make thousands every week working online, contact me on WhatsApp to learn how",
    "Buy followers and likes, cheap and fast, visit my website",
    "Invest in bitcoin now, guaranteed returns, double your money, message this trader",
    "Great post! Very nice blog, visit my site for replica watches",
    "Loans approved without credit check, apply now, same day cash",
    "SEO services, first page of Google guaranteed, contact us for a free quote",
    "Congratulations, you have been selected to win a free phone, click the link to claim your prize",
    "Lose weight fast with this one weird trick, order now, limited offer",
)
HONEST: Final = (
    "The bus I take to work comes every half hour, and often it does not come at all.",
    "I agree with the point about parking, but where would the market go on Saturdays?",
    "Thank you for asking. Could the plan for the library be shown before the meeting?",
    "We have lived on this street for twenty years and the flooding is worse each winter.",
    "I don't think that is right: the report says the cost would fall after three years.",
    "What happens to the playground while the building work is going on?",
    "My daughter uses a wheelchair and the path by the river is too narrow for her.",
    "Could you say where these figures come from? They differ from those of last year.",
    "I was at the meeting, and nobody was asked about the trees.",
    "This is a good idea, though the crossing near the school should come first.",
    "As a shop owner I worry about deliveries if the road is closed in the mornings.",
    "No, I disagree. People need benches and shade more than another sculpture.",
)

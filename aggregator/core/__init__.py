"""The judgement about news: pure functions over values and `now`. No I/O, no clock, no logging."""

"""The closing day of a call: hundreds of people at once, while worker and engine run beside."""

"""Forms derived from tool declarations, and what they need around them: the library's choices, the live preview, the summary."""

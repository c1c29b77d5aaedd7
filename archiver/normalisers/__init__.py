"""Text in, value out: each module understands one kind of thing that pages write."""

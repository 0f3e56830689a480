"""What every HTML document of the program stands on: how text comes in, the frame of the page, the look they share."""

"""What a server meets that no phone does: a full disk, a locked or damaged database, a power cut, a kill, hostile pictures."""

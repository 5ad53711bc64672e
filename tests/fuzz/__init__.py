"""Input at random: whatever is read ends in an answer or in one line that says where, soon and in little memory."""

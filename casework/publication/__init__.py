"""Art. 6 made public: announcements and plaques, and what anybody may take from the register."""

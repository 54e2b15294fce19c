"""Facts about the data sets' official files, shared by their readers and writers."""

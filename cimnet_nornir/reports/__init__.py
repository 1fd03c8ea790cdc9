"""Reports for programs: JSON documents and JUnit files of what the use cases found."""

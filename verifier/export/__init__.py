"""What leaves the verifier: files for counsellors, their software, and whoever checks them."""

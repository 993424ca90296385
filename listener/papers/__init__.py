"""Papers in the form of NĐ 30/2020: what the weekly report and letters share, in Word and in PDF."""

"""One call over one pooled Session; knows no resource names.

``session`` builds the Session, ``adapter`` runs the attempts of a call, ``policy`` decides
whether and when to repeat, ``budget`` bounds repeats during an outage, ``connection`` keeps
every socket operation inside the deadline, ``multipart`` streams uploads.
"""

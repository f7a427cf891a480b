package org.isofleet.protocol.wire;

/** A message that may cross a process boundary; Kryo writes it. It need not outlive a version. */
public interface WireMessage {}

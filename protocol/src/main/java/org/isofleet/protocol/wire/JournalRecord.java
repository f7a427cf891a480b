package org.isofleet.protocol.wire;

/** An event or snapshot of the journal; Jackson CBOR writes it, and later versions must still read it. */
public interface JournalRecord {}

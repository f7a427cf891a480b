package org.isofleet.deploy.chaos;

/** A fault that has befallen the study, and when by the machine's clock. */
record Injected(long atMillis, Fault fault) {}

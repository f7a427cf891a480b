package org.isofleet.coordinator.http;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

/** A run as one flat object: what is planned, and where it stands. */
record RunRow(
        @JsonUnwrapped RunCell cell,
        @JsonUnwrapped @JsonIgnoreProperties("id") RunNow now) {}

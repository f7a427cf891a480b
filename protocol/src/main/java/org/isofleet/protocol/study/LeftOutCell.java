package org.isofleet.protocol.study;

/** A cell of the grid that is not trained, and why. */
public record LeftOutCell(double budgetFlops, int resolution, int layers, int width, double params, String reason) {}

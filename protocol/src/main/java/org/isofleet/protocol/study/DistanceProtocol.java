package org.isofleet.protocol.study;

/** The two protocols of a Fréchet distance that the paper has, and one without a name; their distances never compare. */
public enum DistanceProtocol {
    /** References at the model's resolution, counts as the study file has them. */
    OWN(0, 0),
    /** 2,048 references at the model's resolution against 8,192 completions. */
    A(8_192, 2_048),
    /** 10,000 references at their native resolution against 10,000 completions. */
    B(10_000, 10_000);

    private final int completions;
    private final int references;

    DistanceProtocol(int completions, int references) {
        this.completions = completions;
        this.references = references;
    }

    /** Completions that the protocol wants; 0 for any. */
    public int completions() {
        return completions;
    }

    /** References that the protocol wants; 0 for any. */
    public int references() {
        return references;
    }

    /** Its name beside a result of these counts; a protocol that is measured with other counts says so. */
    public String name(int measuredCompletions, int measuredReferences) {
        if (this == OWN) {
            return "counts of its own";
        }
        boolean asPublished = completions == measuredCompletions && references == measuredReferences;
        return "protocol " + this + (asPublished ? "" : " with counts of its own");
    }
}

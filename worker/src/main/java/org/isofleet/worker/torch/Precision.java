package org.isofleet.worker.torch;

import static org.isofleet.protocol.study.Requirement.require;

/** Of the operands of matrix products; all else, sums of products included, is in single precision. */
public enum Precision {
    FP32("fp32"),
    /** Operands rounded to bfloat16 by the product itself; parameters and activations stay in single precision. */
    BF16("bf16");

    private final String text;

    Precision(String text) {
        this.text = text;
    }

    /** As study files name it. */
    public static Precision named(String text) {
        require(text.equals("fp32") || text.equals("bf16"), "precision must be fp32 or bf16, not '%s'", text);
        return text.equals("fp32") ? FP32 : BF16;
    }

    @Override
    public String toString() {
        return text;
    }
}

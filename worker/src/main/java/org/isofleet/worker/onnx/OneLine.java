package org.isofleet.worker.onnx;

/** What libraries say, as one line. */
final class OneLine {
    private static final int MOST = 300;

    private OneLine() {}

    static String of(Throwable e) {
        String message = e.getMessage();
        return of(message == null ? e.getClass().getSimpleName() : message);
    }

    static String of(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MOST ? line : line.substring(0, MOST) + " ...";
    }
}

package org.isofleet.worker.data;

/**
 * Fits a grey image into a square. An image that is not larger is put in the middle with zeros around it (28 to 32: two on each side); a
 * larger one is first shrunk so that its longer side fits, every new pixel being the mean of the area it covers.
 */
final class GreyFit {
    private final int rows;
    private final int columns;
    private final int side;
    private final int fittedRows;
    private final int fittedColumns;

    GreyFit(int rows, int columns, int side) {
        this.rows = rows;
        this.columns = columns;
        this.side = side;
        int longer = Math.max(rows, columns);
        this.fittedRows = longer <= side ? rows : Math.max(1, Math.round((float) rows * side / longer));
        this.fittedColumns = longer <= side ? columns : Math.max(1, Math.round((float) columns * side / longer));
    }

    void apply(byte[] source, int from, byte[] target) {
        java.util.Arrays.fill(target, 0, side * side, (byte) 0);
        int top = (side - fittedRows) / 2;
        int left = (side - fittedColumns) / 2;
        for (int y = 0; y < fittedRows; y++) {
            for (int x = 0; x < fittedColumns; x++) {
                target[(top + y) * side + left + x] = (byte) area(source, from, y, x);
            }
        }
    }

    /** Mean over rows [y, y + 1) * rows / fittedRows and the columns likewise, in integers: weights are in fractions of a source pixel. */
    private int area(byte[] source, int from, int y, int x) {
        long sum = 0;
        long y0 = (long) y * rows;
        long y1 = y0 + rows;
        long x0 = (long) x * columns;
        long x1 = x0 + columns;
        for (long r = y0 / fittedRows; r * fittedRows < y1; r++) {
            long high = Math.min(y1, (r + 1) * fittedRows) - Math.max(y0, r * fittedRows);
            for (long c = x0 / fittedColumns; c * fittedColumns < x1; c++) {
                long wide = Math.min(x1, (c + 1) * fittedColumns) - Math.max(x0, c * fittedColumns);
                sum += high * wide * (source[from + (int) (r * columns + c)] & 0xFF);
            }
        }
        long weight = (long) rows * columns;
        return (int) ((2 * sum + weight) / (2 * weight));
    }
}

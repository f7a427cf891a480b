package org.isofleet.metrics.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private final Labels labels = new Labels(50, 30, 400, 300);

    @Test
    void label_withRoom_standsRightOfItsPlace() {
        labels.near(100, 100, "4.2e10", "");

        assertThat(x(placed().get(0))).isEqualTo(108);
    }

    @Test
    void label_whereAMarkLies_movesOffIt() {
        labels.keepClear(120, 100, 7);
        labels.near(100, 100, "4.2e10", "");

        Element label = placed().get(0);
        double baseline = y(label);
        assertThat(baseline < 93 || baseline - 10 > 107 || x(label) > 127 || x(label) + 42 < 113)
                .as("clear of the mark: %s", label)
                .isTrue();
    }

    @Test
    void labels_ofOnePlace_doNotCoverEachOther() {
        labels.near(100, 100, "one", "");
        labels.near(100, 100, "two", "");

        assertThat(Math.abs(y(placed().get(0)) - y(placed().get(1)))).isGreaterThanOrEqualTo(13);
    }

    @Test
    void label_atTheEdge_staysInside() {
        labels.near(399, 299, "8.4e10", "");

        assertThat(x(placed().get(0))).isLessThanOrEqualTo(400 - 6 * 7.0);
        assertThat(y(placed().get(0))).isLessThanOrEqualTo(300);
    }

    private List<Element> placed() {
        return Jsoup.parse("<svg>" + labels.svg() + "</svg>").select("text");
    }

    private static double x(Element label) {
        return Double.parseDouble(label.attr("x"));
    }

    private static double y(Element label) {
        return Double.parseDouble(label.attr("y"));
    }
}

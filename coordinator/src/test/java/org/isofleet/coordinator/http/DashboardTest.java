package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.isofleet.metrics.live.LiveEvent;
import org.isofleet.metrics.live.LiveEvent.RunState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser, with clicks and keys. Pictures lie in {@code target/dashboard}. */
@Tag("slow")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardTest {
    private static final Path PICTURES = Path.of("target/dashboard");

    @TempDir
    static Path folder;

    @TempDir
    static Path profile;

    private final GridStudy study = GridStudy.of(4, 7, 1);
    private ServedStudy served;
    private Chromium browser;

    @BeforeAll
    void start() throws Exception {
        Optional<Path> program = Chromium.installed();
        assumeTrue(
                program.isPresent(),
                "no Chromium on this machine (Debian: apt-get install chromium): the dashboard is not tried in a browser");
        Files.createDirectories(PICTURES);
        served = ServedStudy.inTheMiddle(folder, study);
        browser = Chromium.start(program.get(), profile);
        browser.size(1440, 1000, false);
        browser.scheme("light");
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (served != null) {
            served.close();
        }
    }

    @BeforeEach
    void enter() throws Exception {
        browser.size(1440, 1000, false);
        browser.open("about:blank");
        browser.complaints.clear();
        browser.requests.clear();
        browser.open(served.server.url() + "#token=" + served.token("operator.operate"));
        browser.until("document.querySelectorAll('.cell').length === 28");
        browser.until("document.querySelector('.live')?.textContent === 'live'");
    }

    @AfterEach
    void nothingWentWrong() {
        assertThat(browser.complaints).isEmpty();
        assertThat(browser.requests)
                .allMatch(url -> url.startsWith(served.server.url())
                        || url.startsWith("about:")
                        || url.startsWith("data:")
                        || url.startsWith("blob:" + served.server.url()));
    }

    @Test
    void overview_showsTheStudyInLightAndDark() throws Exception {
        browser.size(1440, 2600, false); // pictures are fetched when they come into sight
        assertThat(text("#head")).contains("grid").contains("of the training").contains("live");
        assertThat(text(".law")).contains("N ∝ C^");
        assertThat(text("main"))
                .contains("worker w3 lost: connection closed")
                .contains("2.40")
                .contains("Completions");
        assertThat(browser.value("document.querySelectorAll('.cell[data-state=training]').length")
                        .asInt())
                .isEqualTo(2);
        assertThat(browser.value("document.querySelectorAll('.cell.best').length")
                        .asInt())
                .isPositive();
        browser.until("[...document.images].every(i => i.complete && i.naturalWidth > 0)");
        assertThat(colours(picture("overview-light"))).isGreaterThan(60);
        browser.key("t");
        browser.until("document.documentElement.dataset.theme === 'dark'");
        assertThat(colours(picture("overview-dark"))).isGreaterThan(60);
        browser.key("t");
        assertThat(browser.value("location.href").asText()).doesNotContain("token");
    }

    @Test
    void events_showWithoutAReload() throws Exception {
        String cell = ".cell[data-id='" + study.id(25) + "']";
        assertThat(browser.value("document.querySelector(\"" + cell + "\").dataset.state")
                        .asText())
                .isEqualTo("waiting");
        served.show(study.change(25, RunState.TRAINING, 1, List.of("w1"), null));
        served.show(study.progress(25, 1, 30));
        served.show(new LiveEvent.Warning(Instant.now(), null, "something odd came up"));
        browser.until("document.querySelector(\"" + cell + "\").dataset.state === 'training'");
        browser.until("document.querySelector('.log').textContent.includes('something odd came up')");
    }

    @Test
    void run_isOpenedByAClickAndLeftByAKey() throws Exception {
        browser.click(".cell[data-id='" + study.id(18) + "']");
        browser.until("document.querySelector('.why li')?.textContent.startsWith('it trains on w1')");
        picture("run-training");
        browser.key("Escape");
        browser.until("document.querySelectorAll('.cell').length === 28");
        browser.click(".cell[data-id='" + study.id(0) + "']");
        browser.until(
                "document.body.textContent.includes('Fréchet distance') && document.querySelector('.samples img')?.naturalWidth > 0");
        assertThat(text("main")).contains("it is done").contains("the last");
        picture("run-done");
    }

    @Test
    void operator_pausesARunByAClick() throws Exception {
        browser.click(".cell[data-id='" + study.id(18) + "']");
        browser.until("document.querySelector('.why li')?.textContent.startsWith('it trains on w1')");
        served.operated.clear();
        browser.value("[...document.querySelectorAll('.crumb button')].find(b => b.textContent === 'pause').click()");
        await().until(() -> served.operated.equals(List.of("paused " + study.id(18) + " by operator (operate)")));
    }

    @Test
    void keys_walkTheGridAndCompareRuns() throws Exception {
        browser.value("document.querySelector('.cell').focus()");
        browser.key("c");
        browser.key("ArrowRight");
        browser.key("c");
        browser.key("ArrowDown");
        browser.key("c");
        browser.until("document.querySelectorAll('.cell.picked').length === 3");
        browser.key("x");
        browser.until(
                "document.querySelector('h1 ~ *, .crumb h1') && document.body.textContent.includes('3 runs compared')");
        assertThat(browser.value("document.querySelectorAll('main thead th').length")
                        .asInt())
                .isEqualTo(4);
        picture("comparison");
    }

    @Test
    void phone_readsItWithoutScrollingSideways() throws Exception {
        browser.size(390, 844, true);
        browser.until("document.documentElement.scrollWidth <= innerWidth && innerWidth === 390");
        picture("phone");
        browser.click(".cell[data-id='" + study.id(18) + "']");
        browser.until("document.querySelector('.why li')?.textContent.startsWith('it trains on w1')");
        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(390);
        picture("phone-run");
    }

    @Test
    void report_isDownloaded() throws Exception {
        browser.value(
                "window.saved = 0; HTMLAnchorElement.prototype.click = function () { if (this.download) window.saved++; }");
        browser.value("[...document.querySelectorAll('button')].find(b => b.textContent === 'Report').click()");
        browser.until("window.saved === 1");
    }

    @Test
    void wrongToken_isToldAndAskedForAgain() throws Exception {
        browser.open("about:blank");
        browser.open(served.server.url() + "#token=" + "0".repeat(64));
        browser.until("document.querySelector('[role=alert]')?.textContent.includes('does not know this token')");
        picture("token");
        browser.value("document.querySelector('input').value = '" + served.token("reader.read") + "'");
        browser.click(".enter button");
        browser.until("document.querySelectorAll('.cell').length === 28");
        assertThat(browser.value("document.documentElement.dataset.role").asText())
                .isEqualTo("read");
        browser.complaints.removeIf(text -> text.contains("401"));
    }

    private String text(String selector) throws Exception {
        return browser.value("document.querySelector('" + selector + "').innerText")
                .asText();
    }

    private byte[] picture(String name) throws Exception {
        // Two frames, so that canvases are drawn.
        browser.value(
                "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))");
        byte[] png = browser.screenshot(true);
        Files.write(PICTURES.resolve(name + ".png"), png);
        return png;
    }

    /** How many different colours a picture has: a page that was not drawn has a handful. */
    private static long colours(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return Arrays.stream(pixels).distinct().count();
    }
}

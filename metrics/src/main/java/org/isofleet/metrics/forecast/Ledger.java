package org.isofleet.metrics.forecast;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.isofleet.metrics.forecast.ForecastEntry.Attempted;
import org.isofleet.metrics.forecast.ForecastEntry.Scored;
import org.isofleet.metrics.forecast.ForecastEntry.Sealed;
import org.isofleet.metrics.scaling.Observation;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * The forecasts of a log, each with what became of it. The first forecast of a quantity is the one that counts, whatever is computed later: else
 * one could try methods until one fits.
 *
 * @param forecasts in the order in which they were sealed
 */
public record Ledger(List<Standing> forecasts) {
    public Ledger {
        forecasts = List.copyOf(forecasts);
    }

    /**
     * A sealed forecast.
     *
     * @param line of the log
     * @param seal of that line
     * @param attempts at another forecast of the same
     * @param scores from the first on
     */
    public record Standing(int line, String seal, Forecast forecast, List<Forecast> attempts, List<Scored> scores) {
        public Standing {
            attempts = List.copyOf(attempts);
            scores = List.copyOf(scores);
        }
    }

    /** Reads a log. */
    public static Ledger of(ForecastLog log) throws IOException {
        return of(log.read());
    }

    static Ledger of(List<ForecastLog.Line> lines) {
        List<Standing> standings = new ArrayList<>();
        for (ForecastLog.Line line : lines) {
            if (line.entry() instanceof Sealed sealed) {
                standings.add(new Standing(
                        line.number(),
                        line.seal(),
                        sealed.forecast(),
                        attempts(lines, sealed.forecast()),
                        scores(lines, line.number())));
            }
        }
        return new Ledger(standings);
    }

    private static List<Forecast> attempts(List<ForecastLog.Line> lines, Forecast forecast) {
        return lines.stream()
                .map(ForecastLog.Line::entry)
                .filter(Attempted.class::isInstance)
                .map(entry -> ((Attempted) entry).forecast())
                .filter(forecast::sameQuestion)
                .toList();
    }

    private static List<Scored> scores(List<ForecastLog.Line> lines, int number) {
        return lines.stream()
                .map(ForecastLog.Line::entry)
                .filter(Scored.class::isInstance)
                .map(Scored.class::cast)
                .filter(scored -> scored.line() == number)
                .toList();
    }

    /**
     * Seals a forecast, or keeps it as an attempt when there is one of the same quantity.
     *
     * @return whether it was sealed
     */
    public static boolean seal(ForecastLog log, Forecast forecast) throws IOException {
        ForecastLog.Line line = log.append(lines -> lines.stream().anyMatch(each -> isOf(each.entry(), forecast))
                ? new Attempted(forecast)
                : new Sealed(forecast));
        return line.entry() instanceof Sealed;
    }

    private static boolean isOf(ForecastEntry entry, Forecast forecast) {
        return entry instanceof Sealed sealed && sealed.forecast().sameQuestion(forecast);
    }

    /**
     * Scores a forecast and keeps the score; the same score twice is kept once.
     *
     * @param runs that check it, and any others
     * @throws InvalidSpecException when none of them checks it
     */
    public static void score(ForecastLog log, Standing standing, Instant now, List<Observation> runs)
            throws IOException {
        Score score = Score.of(standing.forecast(), runs);
        boolean known = of(log).forecasts().stream()
                .filter(each -> each.line() == standing.line())
                .flatMap(each -> each.scores().stream())
                .anyMatch(each -> each.score().equals(score));
        if (!known) {
            List<String> labels = Score.atBudget(standing.forecast(), runs).stream()
                    .map(Observation::label)
                    .toList();
            log.append(lines -> new Scored(now, standing.line(), score, labels));
        }
    }
}

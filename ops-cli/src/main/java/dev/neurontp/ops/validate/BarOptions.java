package dev.neurontp.ops.validate;

import dev.neurontp.harness.validate.Bars;
import dev.neurontp.harness.validate.Baseline;
import dev.neurontp.harness.validate.Collective;
import dev.neurontp.harness.validate.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The thresholds that are given. */
final class BarOptions {
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,2}(?:\\.[0-9]{1,3})?)\\s*%");
    private static final double WHOLE = 100;

    @Option(
            names = Bars.OPTION,
            paramLabel = "[NAME[@SIZE]=]GBS",
            description =
                    "Fail below that bus bandwidth at one size: all_reduce@1G=430. Without SIZE at the largest one,"
                            + " without NAME for the only collective, or all_reduce. Can be given several times.")
    List<String> least = List.of();

    @Option(
            names = Baseline.OPTION,
            paramLabel = "FILE",
            description =
                    "report.json of an earlier run that passed on good hardware of the same class. Can be given several"
                            + " times: of each case the median counts then.")
    List<Path> baselines = List.of();

    @Option(
            names = "--tolerance",
            paramLabel = "PERCENT",
            defaultValue = "10%",
            description = "How far below the baseline a bandwidth may be. Default: 10%%.")
    String tolerance;

    @Option(names = "--strict", description = "A pair that is slower than the others fails.")
    boolean strict;

    /**
     * All of them.
     *
     * @throws IllegalArgumentException with the value and the rule
     */
    Bars bars(Plan plan) {
        Bars bars = new Bars();
        Collective only = plan.collectives().size() == 1 ? plan.collectives().getFirst() : Collective.ALL_REDUCE;
        least.forEach(text -> bars.add(text, only));
        Matcher percent = PERCENT.matcher(tolerance);
        if (!percent.matches()) {
            throw new IllegalArgumentException("--tolerance is '" + tolerance + "': it must be a percentage like 10%");
        }
        if (!baselines.isEmpty()) {
            double share = Double.parseDouble(percent.group(1)) / WHOLE;
            bars.baseline(Baseline.median(
                    baselines.stream().map(file -> Baseline.read(file, share)).toList()));
        }
        if (strict) {
            bars.strict();
        }
        return bars;
    }
}

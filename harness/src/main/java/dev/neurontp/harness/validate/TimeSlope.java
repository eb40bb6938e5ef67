package dev.neurontp.harness.validate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long each measured case of a burn-in took at its start and at its end. */
final class TimeSlope {
    private final Map<String, Double> first = new HashMap<>();
    private final Map<String, Double> last = new HashMap<>();

    void add(CaseResult result) {
        if (result.of().phase() == Phase.BANDWIDTH && result.seconds().isPresent()) {
            double seconds = result.seconds().getAsDouble();
            if (first.putIfAbsent(result.of().id(), seconds) != null) {
                last.put(result.of().id(), seconds);
            }
        }
    }

    /** A line or two; none where nothing was measured twice. */
    List<String> words() {
        if (last.isEmpty()) {
            return List.of();
        }
        double[] ratios = new double[last.size()];
        int at = 0;
        String slowest = "";
        double most = 0;
        for (Map.Entry<String, Double> one : last.entrySet()) {
            double ratio = one.getValue() / first.get(one.getKey());
            ratios[at++] = ratio;
            if (ratio > most) {
                most = ratio;
                slowest = one.getKey();
            }
        }
        Arrays.sort(ratios);
        return List.of(String.format(
                Locale.ROOT,
                "time per case in the last cycle, by that in the first: median %.2f, most %.2f (%s)",
                ratios[ratios.length / 2],
                most,
                slowest));
    }
}

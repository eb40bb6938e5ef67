package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.text.Suggestion;
import java.util.Comparator;

/** The known setting that is most like a name that is none. */
final class SettingSuggestion {
    private static final int FAR = 4;

    private SettingSuggestion() {}

    static String of(String name) {
        return DaemonSettings.all().stream()
                .map(Setting::name)
                .min(Comparator.comparingInt(known -> Suggestion.distance(known, name)))
                .filter(known -> Suggestion.distance(known, name) < FAR || known.endsWith("." + name))
                .map(known -> ", did you mean '" + known + "'?")
                .orElse("");
    }
}

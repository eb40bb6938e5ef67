package dev.neurontp.harness.text;

import java.util.ArrayList;
import java.util.List;

/** Lists that a person reads, and that may have any length. */
public final class Shortened {
    private Shortened() {}

    /** The first {@code most} of them, and then {@code N more} where there are more. */
    public static List<String> names(List<String> names, int most) {
        if (names.size() <= most) {
            return List.copyOf(names);
        }
        List<String> few = new ArrayList<>(names.subList(0, most));
        few.add(names.size() - most + " more");
        return List.copyOf(few);
    }
}

package dev.neurontp.harness.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Numbers of ranks as a person reads them. */
public final class Ranks {
    private static final int MOST_HOSTS = 16;

    private Ranks() {}

    /**
     * Where a rank lives, in brackets behind its number: {@code (pid 12 on gpu-2)}, {@code (pid 12)}, {@code (on gpu-2)}; with a blank before,
     * or empty where nothing is known.
     *
     * @param pid 0 where it is not known
     * @param host empty where it is the daemon's
     */
    public static String where(long pid, Optional<String> host) {
        String place = (pid == 0 ? "" : "pid " + pid + " ") + on(host).stripLeading();
        return place.isEmpty() ? "" : " (" + place.strip() + ")";
    }

    /** {@code on gpu-2}, with a blank before; empty where the host is the daemon's. */
    public static String on(Optional<String> host) {
        return host.map(name -> " on " + name).orElse("");
    }

    /** The same of several ranks, {@code on gpu-1, gpu-2}: each host once, and of more than 16 only that many and how many more. */
    public static String on(List<Optional<String>> hosts) {
        List<String> names = hosts.stream().flatMap(Optional::stream).distinct().toList();
        return names.isEmpty() ? "" : " on " + String.join(", ", Shortened.names(names, MOST_HOSTS));
    }

    /** {@code rank 3}, {@code ranks 0 to 4, 6 and 7}; the numbers in any order, at least one. */
    public static String words(List<Integer> ranks) {
        List<Integer> sorted = ranks.stream().sorted().toList();
        List<String> parts = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i < sorted.size() && sorted.get(i) == sorted.get(i - 1) + 1) {
                continue;
            }
            // Two in a row are two numbers, three and more are a range.
            if (i - begin > 2) {
                parts.add(sorted.get(begin) + " to " + sorted.get(i - 1));
            } else {
                sorted.subList(begin, i).forEach(rank -> parts.add(rank.toString()));
            }
            begin = i;
        }
        String last = parts.removeLast();
        return (sorted.size() == 1 ? "rank " : "ranks ")
                + (parts.isEmpty() ? last : String.join(", ", parts) + " and " + last);
    }
}

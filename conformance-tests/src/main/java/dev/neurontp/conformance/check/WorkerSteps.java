package dev.neurontp.conformance.check;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What was done with one worker, as the name of an example tells it: without what is another in each run, such as a comm_id, and how
 * often it took until something was seen. One thread.
 */
final class WorkerSteps {

    /** With a few digits more where its first character is written as an escape. */
    private static final Pattern COMM_ID = Pattern.compile("(?<![0-9a-fA-F])[0-9a-fA-F]{256,260}(?![0-9a-fA-F])");

    private static final int LONGEST_WITH_ID = 1 << 16;

    private final Set<String> steps = new LinkedHashSet<>();
    private final List<String> commIds = new ArrayList<>();
    private String last = "";

    /** These bytes were sent. */
    void sent(byte[] bytes) {
        if (bytes.length > LONGEST_WITH_ID) {
            add(ExampleName.of(bytes));
        } else {
            String text = COMM_ID.matcher(new String(bytes, StandardCharsets.ISO_8859_1))
                    .replaceAll(id -> label(id.group()));
            add(ExampleName.of(text.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    /** Anything else was done. */
    void add(String step) {
        steps.add(step);
        last = step;
    }

    /** Each of them once, and at the end the last, where it had been done before another. */
    List<String> all() {
        List<String> all = new ArrayList<>(steps);
        if (!all.isEmpty() && !all.getLast().equals(last)) {
            all.add(last);
        }
        return all;
    }

    private String label(String id) {
        String lower = id.toLowerCase(Locale.ROOT);
        if (!commIds.contains(lower)) {
            commIds.add(lower);
        }
        int number = commIds.indexOf(lower) + 1;
        return "<" + written(id, lower) + (number == 1 ? "" : " " + number) + ">";
    }

    /** In the case that its letters have. */
    private static String written(String id, String lower) {
        if (id.equals(lower)) {
            return "comm_id";
        }
        return id.equals(id.toUpperCase(Locale.ROOT)) ? "COMM_ID" : "Comm_Id";
    }
}

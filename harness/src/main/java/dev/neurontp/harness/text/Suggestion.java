package dev.neurontp.harness.text;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The names that a person may have meant. */
public final class Suggestion {
    private static final int LETTERS_PER_SLIP = 3;

    private Suggestion() {}

    /**
     * Of {@code known} those that are nearest to {@code given} or begin with it; empty where none is near. In the order of
     * {@code known}.
     */
    public static List<String> near(String given, Collection<String> known) {
        requireNonNull(given, "given is null");
        if (given.length() > ForeignText.NAME) {
            return List.of();
        }
        List<String> longer = known.stream()
                .filter(name -> !given.isEmpty() && name.startsWith(given))
                .toList();
        if (!longer.isEmpty()) {
            return longer;
        }
        int nearest =
                known.stream().mapToInt(name -> distance(name, given)).min().orElse(Integer.MAX_VALUE);
        // So that a word of one or two letters is not taken for any other.
        int letters = (int) given.chars().filter(Character::isLetterOrDigit).count();
        boolean isNear = nearest < letters && nearest <= (letters + LETTERS_PER_SLIP - 1) / LETTERS_PER_SLIP;
        return isNear
                ? known.stream()
                        .filter(name -> distance(name, given) == nearest)
                        .toList()
                : List.of();
    }

    /** {@code . Did you mean 'status'?} behind a message, or nothing. */
    public static String question(String given, Collection<String> known) {
        List<String> near = near(given, known);
        return near.isEmpty()
                ? ""
                : ". Did you mean "
                        + near.stream().map(name -> "'" + name + "'").collect(Collectors.joining(" or ")) + "?";
    }

    /** How many letters must be put in, taken out or changed. */
    public static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int i = 0; i <= to.length(); i++) {
            row[i] = i;
        }
        for (int i = 1; i <= from.length(); i++) {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = corner + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                corner = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}

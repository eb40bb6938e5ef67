package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Printable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What files of known failures call an example: on one line, of a bounded length, the same in every run, and another name for each other
 * example. Where it does not show all, it ends in the length and the beginning of a hash.
 */
final class ExampleName {

    private static final int MOST = 90;
    private static final int HASH_BYTES = 4;
    private static final String BLANK = "<U+0020>";
    private static final String BETWEEN = " | ";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");
    /** Text that looks as if the judge had spelled out, or said, something else. */
    private static final Pattern LOOKS_LIKE_ANOTHER = Pattern.compile("\\\\[nrtx]|<U\\+|^\\(| \\| ");

    private ExampleName() {}

    /** Of one line, or of one write. */
    static String of(byte[] bytes) {
        String shown = withVisibleEnds(Printable.line(bytes));
        // What is cut already is longer than that.
        boolean whole = shown.length() <= MOST
                && !LOOKS_LIKE_ANOTHER
                        .matcher(new String(bytes, StandardCharsets.ISO_8859_1))
                        .find();
        return whole ? shown : beginning(shown) + "…(" + bytes.length + " bytes, " + hash(bytes) + ")";
    }

    /** The same of text. */
    static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Of lines that are sent to one worker; {@code how} says in which way, where that is no plain one. */
    static String of(Script script, String how) {
        List<Line> lines = script.lines();
        String last = of(lines.getLast().bytes());
        String sent = how.isEmpty() ? "" : " " + how.strip().replace('\n', ' ');
        if (lines.size() == 1) {
            return last + sent;
        }
        String hash = lines.size() == 2 ? "" : ", " + hash(script.allBytes());
        return of(lines.getFirst().bytes()) + " … " + last + " (" + lines.size() + " lines" + hash + ")" + sent;
    }

    /** Of all that was done with one worker; each step has a name already. */
    static String of(List<String> arguments, List<String> steps) {
        List<String> all = new ArrayList<>();
        if (!arguments.isEmpty()) {
            all.add(of(arguments.stream().map(ExampleName::quoted).collect(Collectors.joining(" "))));
        }
        all.addAll(steps);
        String whole = String.join(BETWEEN, all);
        if (steps.size() <= 2 || whole.length() <= MOST) {
            return whole;
        }
        String shown = String.join(BETWEEN, all.subList(0, all.size() - steps.size() + 1));
        return shown + BETWEEN + "…" + BETWEEN + steps.getLast() + " (" + steps.size() + " steps, "
                + hash(whole.getBytes(StandardCharsets.UTF_8)) + ")";
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** A line of a file is read without the blanks at its ends. */
    private static String withVisibleEnds(String shown) {
        String inner = shown.strip();
        int from = shown.indexOf(inner);
        return BLANK.repeat(from) + inner + BLANK.repeat(shown.length() - from - inner.length());
    }

    private static String beginning(String shown) {
        return shown.substring(0, Math.min(shown.length(), MOST));
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(all, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

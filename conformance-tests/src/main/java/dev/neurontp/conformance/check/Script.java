package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Printable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lines to send to one worker and what must come back for each.
 *
 * @param pieceLength 0: each line waits for the reply to the one before. Otherwise all lines go without waiting,
 *     cut into writes of this many bytes
 * @param slow who is slow, if anybody
 */
public record Script(List<Line> lines, int pieceLength, Slow slow) {

    /** Who is slow. */
    public enum Slow {
        /** Nobody. */
        NOBODY,
        /** The replies are left in the pipe until all was sent. */
        READER,
        /** Between two writes there is a pause, in which the worker reads what there is. */
        WRITER
    }

    /** Lines at full speed. */
    public Script(List<Line> lines, int pieceLength) {
        this(lines, pieceLength, Slow.NOBODY);
    }

    private static final int AROUND = 3;
    private static final int SHORT = 4096;
    /** The ops by their letters, or anything escaped, which may be one of them. */
    private static final Pattern MAY_CONCERN_GROUP = Pattern.compile("init|nccl|shutdown|\\\\u");

    /** All bytes in one write. */
    public static final int ONE_WRITE = Integer.MAX_VALUE;

    public Script {
        lines = List.copyOf(lines);
    }

    /** Lines that wait for each other. */
    public static Script of(Line... lines) {
        return new Script(List.of(lines), 0);
    }

    /** One line of text. */
    public static Script line(String text, Expect expect) {
        return of(Line.of(text, expect));
    }

    /** One line of bytes. */
    public static Script line(byte[] bytes, Expect expect) {
        return of(Line.of(bytes, expect));
    }

    /** The same lines, sent without waiting in writes of this many bytes. */
    public Script inPieces(int length) {
        return new Script(lines, length, slow);
    }

    /** The same lines, with nobody reading until all are sent. */
    public Script withSlowReader() {
        return new Script(lines, ONE_WRITE, Slow.READER);
    }

    /** The same lines in writes of this many bytes with pauses between them. */
    public Script withSlowWriter(int length) {
        return new Script(lines, length, Slow.WRITER);
    }

    /** Whether a rank of a group can be asked this without the others: short lines that have nothing to do with the group. */
    public boolean fitsAnyRank() {
        return length() < SHORT
                && lines.stream()
                        .allMatch(line -> line.expect().concernsNoGroup()
                                && !MAY_CONCERN_GROUP
                                        .matcher(new String(line.bytes(), StandardCharsets.ISO_8859_1))
                                        .find());
    }

    /** Whether any of its lines is the matter of one of these rules. */
    boolean isAbout(Set<String> rules) {
        return lines.stream()
                .anyMatch(line -> line.expect().rule().filter(rules::contains).isPresent());
    }

    /** Whether a broken session is no evidence here. */
    boolean isLenient() {
        return lines.stream().anyMatch(line -> line.expect().isLenient());
    }

    /** Whether any of its lines gets a reply. */
    boolean isAnswered() {
        return lines.stream().anyMatch(line -> !line.expect().isSilence());
    }

    boolean isPipelined() {
        return pieceLength > 0;
    }

    /** The line's bytes with the LF. */
    static byte[] terminated(Line line) {
        byte[] out = java.util.Arrays.copyOf(line.bytes(), line.length() + 1);
        out[line.length()] = '\n';
        return out;
    }

    /** How many bytes it sends. */
    int length() {
        return lines.stream().mapToInt(line -> line.length() + 1).sum();
    }

    byte[] allBytes() {
        byte[] out = new byte[length()];
        int at = 0;
        for (Line line : lines) {
            System.arraycopy(line.bytes(), 0, out, at, line.length());
            at += line.length();
            out[at++] = '\n';
        }
        return out;
    }

    /** What known failures call it. */
    String name() {
        return ExampleName.of(this, how());
    }

    /** The line of this number, counted from 1, and those around it. */
    String around(int number) {
        if (lines.size() == 1) {
            return describe();
        }
        int from = Math.max(0, number - 1 - AROUND);
        int to = Math.min(lines.size(), number + AROUND);
        String shown = IntStream.range(from, to)
                .mapToObj(i ->
                        "line " + (i + 1) + "  " + Printable.line(lines.get(i).bytes()))
                .collect(Collectors.joining("\n"));
        String all = to - from < lines.size() ? "\n(of " + lines.size() + " lines)" : "";
        return shown + all + how();
    }

    String describe() {
        String shown = lines.stream()
                .limit(12)
                .map(line -> Printable.line(line.bytes()))
                .collect(Collectors.joining("\n"));
        String more = lines.size() > 12 ? "\n…(" + lines.size() + " lines in all)" : "";
        return shown + more + how();
    }

    private String how() {
        String how = switch (pieceLength) {
            case 0 -> "";
            case ONE_WRITE -> lines.size() > 1 ? "\n(in one write)" : "";
            default -> "\n(in writes of " + pieceLength + " bytes)";
        };
        return how
                + switch (slow) {
                    case NOBODY -> "";
                    case READER -> " (replies read only after all was sent)";
                    case WRITER -> " (with pauses between the writes)";
                };
    }
}

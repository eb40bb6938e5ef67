package dev.neurontp.harness.daemon.runtime;

import java.util.regex.Pattern;

/** What goes wrong every few seconds is told once, however many bytes are left that time. Any thread may call. */
public final class RepeatedProblem {
    private static final Pattern ROOM = Pattern.compile("\\d+ bytes");

    private String last = "";

    /** Whether this is another problem than the last one. */
    public synchronized boolean isNew(String text) {
        String kind = ROOM.matcher(text).replaceAll("bytes");
        boolean isNew = !kind.equals(last);
        last = kind;
        return isNew;
    }

    /** The last one is over: the next is new. */
    public synchronized void over() {
        last = "";
    }
}

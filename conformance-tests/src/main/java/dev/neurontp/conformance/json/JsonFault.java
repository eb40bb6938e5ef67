package dev.neurontp.conformance.json;

/** Why a text is not JSON. */
public final class JsonFault extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean atEnd;
    private final int place;

    JsonFault(String message, int place, boolean atEnd) {
        super(message, null, false, false);
        this.place = place;
        this.atEnd = atEnd;
    }

    /** Where it stops being JSON, in characters from 0 on; the length of the text where it stops too early. */
    public int place() {
        return place;
    }

    /** Whether the text was right as far as it went: it stops too early. */
    public boolean isAtEnd() {
        return atEnd;
    }
}

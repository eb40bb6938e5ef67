package dev.neurontp.conformance.json;

/** Why a text is not JSON. */
public final class JsonFault extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean atEnd;

    JsonFault(String message, boolean atEnd) {
        super(message, null, false, false);
        this.atEnd = atEnd;
    }

    /** Whether the text was right as far as it went: it stops too early. */
    public boolean isAtEnd() {
        return atEnd;
    }
}

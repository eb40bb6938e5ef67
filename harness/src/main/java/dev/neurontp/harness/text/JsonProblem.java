package dev.neurontp.harness.text;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * What is wrong with a text that is no JSON, and where: without the words of the library, which are about its own classes, and
 * without a word of the text. Stateless: any thread may call.
 */
public final class JsonProblem {
    private static final String TWICE = "Duplicate ";
    private static final String TOO_MANY = "Token count";

    private JsonProblem() {}

    /** One line, such as {@code it ends too early (line 1, column 17)}; lines and columns count from 1. */
    public static String of(JacksonException e) {
        TokenStreamLocation place = e.getLocation();
        String where = place == null || place.getLineNr() < 1
                ? ""
                : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
        return what(e) + where;
    }

    private static String message(JacksonException e) {
        return String.valueOf(e.getOriginalMessage());
    }

    private static String what(JacksonException e) {
        return switch (e) {
            case UnexpectedEndOfInputException _ -> "it ends too early";
            case StreamConstraintsException _
            when message(e).startsWith(TOO_MANY) ->
                "it has too many values: at most " + ForeignJson.MOST_TOKENS + " are read, with names and brackets";
            case StreamConstraintsException _ ->
                "it is too deep or too long: at most " + StreamReadConstraints.DEFAULT_MAX_DEPTH
                        + " levels, numbers of " + StreamReadConstraints.DEFAULT_MAX_NUM_LEN
                        + " characters and names of "
                        + StreamReadConstraints.DEFAULT_MAX_NAME_LEN + " are read";
            case MismatchedInputException _ -> "there is something after its end";
            default -> message(e).startsWith(TWICE) ? "a field is there twice" : "what is there cannot be there";
        };
    }
}

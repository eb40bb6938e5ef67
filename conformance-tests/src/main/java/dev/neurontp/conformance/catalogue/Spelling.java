package dev.neurontp.conformance.catalogue;

/** How a JSON string is written: all of them mean the same. */
enum Spelling {
    /** Escapes only where JSON wants them. */
    PLAIN,
    /** Every character as \\uXXXX, in lower case. */
    ESCAPED,
    /** The same in upper case. */
    ESCAPED_UPPER,
    /** Every second character escaped. */
    MIXED;

    String quote(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isSurrogate(c);
            boolean escape = switch (this) {
                case PLAIN -> false;
                case ESCAPED, ESCAPED_UPPER -> true;
                case MIXED -> !pair && i % 2 == 0;
            };
            if (escape) {
                out.append(String.format(this == ESCAPED_UPPER ? "\\u%04X" : "\\u%04x", (int) c));
            } else {
                out.append(plain(c));
            }
        }
        return out.append('"').toString();
    }

    private static String plain(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            default -> c < 0x20 ? String.format("\\u%04x", (int) c) : String.valueOf(c);
        };
    }
}

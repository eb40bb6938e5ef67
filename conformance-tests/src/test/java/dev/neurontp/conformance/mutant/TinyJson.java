package dev.neurontp.conformance.mutant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The mutant worker's own small JSON reader. Objects become {@code Fields}, strings {@code String}, all else a
 * one-character kind. It can be made lenient in the ways in which real libraries are.
 */
final class TinyJson {

    static final class Bad extends Exception {
        private static final long serialVersionUID = 1L;

        Bad(String message) {
            super(message);
        }
    }

    /** The members of an object in order, each name with all its values. */
    static final class Fields {
        final Map<String, List<Object>> values = new LinkedHashMap<>();
    }

    /** An array, of which only the first item matters: null where there is none. */
    record Items(Object first) {}

    private final String text;
    private final Faults faults;
    private int at;
    private boolean ignored;

    TinyJson(String text, Faults faults) {
        this.text = text;
        this.faults = faults;
    }

    Object whole() throws Bad {
        blanks();
        Object value = value(0);
        blanks();
        if (at < text.length() && !faults.has("takes-trailing-text")) {
            throw new Bad("trailing text");
        }
        return value;
    }

    private Object value(int depth) throws Bad {
        if (depth > 1000 && !faults.has("stack-overflow") && !faults.has("takes-any-depth")) {
            throw new Bad("nested too deep");
        }
        if (depth > 64 && faults.has("shallow")) {
            throw new Bad("nested over 64");
        }
        if (at >= text.length()) {
            throw new Bad("ends early");
        }
        char c = text.charAt(at);
        if (depth > 126 && (c == '{' || c == '[') && faults.has("takes-126-levels")) {
            throw new Bad("nested over 126");
        }
        if (c == '{') {
            return object(depth);
        }
        if (c == '[') {
            return array(depth);
        }
        if (c == '"') {
            return string();
        }
        for (String word : List.of("true", "false", "null")) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.charAt(0);
            }
        }
        if (faults.has("takes-nan") && text.startsWith("NaN", at)) {
            at += 3;
            return '0';
        }
        number();
        return '0';
    }

    private Fields object(int depth) throws Bad {
        Fields fields = new Fields();
        at++;
        blanks();
        if (peek() == '}') {
            at++;
            return fields;
        }
        while (true) {
            blanks();
            if (peek() == '}' && faults.has("takes-trailing-comma")) {
                at++;
                return fields;
            }
            if (peek() != '"') {
                throw new Bad("a name should stand here");
            }
            String name = string();
            blanks();
            need(':');
            blanks();
            ignored = !name.equals("op") && !name.equals("comm_id");
            Object value = value(depth + 1);
            ignored = false;
            fields.values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
            blanks();
            if (peek() == '}') {
                at++;
                return fields;
            }
            need(',');
        }
    }

    private Items array(int depth) throws Bad {
        at++;
        blanks();
        if (peek() == ']') {
            at++;
            return new Items(null);
        }
        Object first = null;
        while (true) {
            blanks();
            Object item = value(depth + 1);
            first = first == null ? item : first;
            blanks();
            if (peek() == ']') {
                at++;
                return new Items(first);
            }
            need(',');
        }
    }

    private String string() throws Bad {
        at++;
        StringBuilder out = new StringBuilder();
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                String value = out.toString();
                if (!faults.has("takes-lone-surrogate")
                        && !(faults.has("skims-ignored-fields") && ignored)
                        && value.codePoints().anyMatch(p -> p >= 0xd800 && p < 0xe000)) {
                    throw new Bad("a lone surrogate");
                }
                return value;
            }
            if (c < ' ' && !faults.has("takes-control-characters")) {
                throw new Bad("a control character");
            }
            out.append(c == '\\' ? escaped() : String.valueOf(c));
        }
    }

    private String escaped() throws Bad {
        char c = peek();
        at++;
        int plain = "\"\\/bfnrt".indexOf(c);
        if (plain >= 0) {
            return String.valueOf("\"\\/\b\f\n\r\t".charAt(plain));
        }
        if (c != 'u') {
            throw new Bad("no such escape");
        }
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            hex.append(peek());
            at++;
        }
        if (!hex.toString().matches("[0-9a-fA-F]{4}")) {
            throw new Bad("no hex digits");
        }
        return faults.has("reads-no-escapes")
                ? "\\u" + hex
                : String.valueOf((char) Integer.parseInt(hex.toString(), 16));
    }

    private void number() throws Bad {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String pattern = faults.has("takes-leading-zeros")
                ? "-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?"
                : "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";
        String number = text.substring(from, at);
        if (!number.matches(pattern)
                || (faults.has("short-numbers") && number.length() > 300)
                || (faults.has("refuses-infinity") && Double.isInfinite(Double.parseDouble(number)))) {
            throw new Bad("no number");
        }
    }

    private void blanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c > ' ' && Character.isSpaceChar(c) && faults.has("takes-other-blanks")) {
                at++;
            } else if (c == '/' && faults.has("takes-comments") && text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at);
                at = end < 0 ? text.length() : end + 2;
            } else if (c == ' ' || c == '\t' || (c == '\r' && !faults.has("refuses-cr"))) {
                at++;
            } else {
                return;
            }
        }
    }

    private char peek() throws Bad {
        if (at >= text.length()) {
            throw new Bad("ends early");
        }
        return text.charAt(at);
    }

    private void need(char c) throws Bad {
        if (peek() != c) {
            throw new Bad(c + " should stand here");
        }
        at++;
    }
}

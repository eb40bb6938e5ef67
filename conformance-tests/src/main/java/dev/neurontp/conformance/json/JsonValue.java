package dev.neurontp.conformance.json;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A JSON value with its spelling kept where a judge needs it: member order, duplicates, number text. */
public sealed interface JsonValue {

    /** An object; members stand in the order of the text, and a name may stand twice. */
    record JsonObject(List<Member> members) implements JsonValue {
        public JsonObject {
            members = List.copyOf(members);
        }

        /** The first member of this name. */
        public Optional<JsonValue> get(String name) {
            return members.stream()
                    .filter(member -> member.name().equals(name))
                    .findFirst()
                    .map(Member::value);
        }

        /** The first member of this name if it is a string. */
        public Optional<String> text(String name) {
            return get(name).map(value -> value instanceof JsonString string ? string.value() : null);
        }
    }

    /** One member of an object. */
    record Member(JsonString key, JsonValue value) {
        /** Its name, unescaped. */
        public String name() {
            return key.value();
        }
    }

    /** An array. */
    record JsonArray(List<JsonValue> items) implements JsonValue {
        public JsonArray {
            items = List.copyOf(items);
        }
    }

    /** A string, unescaped; {@code loneSurrogate} where an escape left half a character. */
    record JsonString(String value, boolean loneSurrogate) implements JsonValue {}

    /** A number as it was spelled. */
    record JsonNumber(String spelling) implements JsonValue {}

    /** One of {@code true}, {@code false} and {@code null}. */
    record JsonWord(String word) implements JsonValue {}

    /** Whether half a character stands in any string or name of it. */
    default boolean hasLoneSurrogate() {
        return all(this).stream().anyMatch(value -> value instanceof JsonString string && string.loneSurrogate());
    }

    /** Whether it is the same value. {@code equals} goes down level by level, for which a thread's stack may be too small. */
    default boolean isSameAs(JsonValue other) {
        List<JsonValue> mine = all(this);
        List<JsonValue> others = all(other);
        return mine.size() == others.size()
                && IntStream.range(0, mine.size()).allMatch(i -> isAlike(mine.get(i), others.get(i)));
    }

    private static boolean isAlike(JsonValue one, JsonValue other) {
        return switch (one) {
            case JsonObject object ->
                other instanceof JsonObject another
                        && object.members().size() == another.members().size();
            case JsonArray array ->
                other instanceof JsonArray another
                        && array.items().size() == another.items().size();
            default -> one.equals(other);
        };
    }

    /** The value and all values and names in it, in an order that their numbers decide; by a loop, whatever the depth. */
    private static List<JsonValue> all(JsonValue value) {
        List<JsonValue> all = new ArrayList<>();
        Deque<JsonValue> left = new ArrayDeque<>();
        left.push(value);
        while (!left.isEmpty()) {
            JsonValue next = left.pop();
            all.add(next);
            if (next instanceof JsonArray array) {
                array.items().forEach(left::push);
            } else if (next instanceof JsonObject object) {
                object.members().forEach(member -> {
                    left.push(member.key());
                    left.push(member.value());
                });
            }
        }
        return all;
    }

    /** What kind of value this is, in a person's words. */
    default String describe() {
        return switch (this) {
            case JsonObject object -> "an object";
            case JsonArray array -> "an array";
            case JsonString string -> "a string";
            case JsonNumber number -> "the number " + number.spelling();
            case JsonWord word -> word.word();
        };
    }
}

package dev.neurontp.harness.api;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/**
 * Makes records of trees that have exactly the shape that their components say, with the same result as {@link Json#mapper}, which
 * takes longer than a short command to get ready. What else a tree can hold is left to the mapper: what it takes all the same, and
 * what it says of the rest. Stateless: any thread may call.
 */
final class PlainRecord {
    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

    private PlainRecord() {}

    /** Something is not plain. */
    private static final class OtherShapeException extends Exception {
        private static final long serialVersionUID = 1L;

        OtherShapeException() {
            super("other shape", null, false, false);
        }
    }

    /** A record's canonical constructor, and its components with their names in JSON. */
    private static final class Shape {
        private final Constructor<?> constructor;
        private final RecordComponent[] components;
        private final String[] names;

        Shape(Class<?> type) {
            components = type.getRecordComponents();
            names = new String[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                names[i] = snakeCase(components[i].getName());
            }
            try {
                constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("every record has it", e);
            }
        }
    }

    /** The tree as a record; empty where it takes the mapper. */
    static <T> Optional<T> of(JsonNode tree, Class<T> type) {
        if (!type.isRecord() || !tree.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(type.cast(create(tree, type)));
        } catch (OtherShapeException | ReflectiveOperationException _) {
            return Optional.empty(); // the mapper knows better, or fails in its own words
        }
    }

    private static Object create(JsonNode tree, Class<?> type)
            throws OtherShapeException, ReflectiveOperationException {
        Shape shape = SHAPES.computeIfAbsent(type, Shape::new);
        Object[] values = new Object[shape.names.length];
        for (int i = 0; i < values.length; i++) {
            JsonNode field = tree.get(shape.names[i]);
            values[i] = field == null || field.isNull()
                    ? absent(shape.components[i])
                    : value(field, shape.components[i].getType(), shape.components[i]);
        }
        return shape.constructor.newInstance(values);
    }

    private static Object absent(RecordComponent component) throws OtherShapeException {
        require(!component.isAnnotationPresent(Required.class));
        Class<?> type = component.getType();
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (!type.isPrimitive()) {
            require(type != JsonNode.class && type != Object.class);
            return null;
        }
        return type == boolean.class ? (Object) false : type == int.class ? 0 : type == long.class ? 0L : other(type);
    }

    private static Object other(Class<?> type) throws OtherShapeException {
        require(type == double.class);
        return 0.0;
    }

    private static Object value(JsonNode node, Class<?> type, RecordComponent component)
            throws OtherShapeException, ReflectiveOperationException {
        return type == Optional.class || type == List.class || type == Map.class
                ? generic(node, component.getGenericType())
                : single(node, type);
    }

    private static Object generic(JsonNode node, Type type) throws OtherShapeException, ReflectiveOperationException {
        if (!(type instanceof ParameterizedType generic)) {
            return single(node, (Class<?>) type);
        }
        Type[] arguments = generic.getActualTypeArguments();
        Type of = arguments[arguments.length - 1];
        require(!node.isNull());
        if (generic.getRawType() == Optional.class) {
            return Optional.of(generic(node, of));
        }
        if (generic.getRawType() == List.class) {
            require(node.isArray());
            List<Object> list = new ArrayList<>(node.size());
            for (JsonNode element : node) {
                list.add(generic(element, of));
            }
            return list;
        }
        require(generic.getRawType() == Map.class && arguments[0] == String.class && node.isObject());
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            map.put(field.getKey(), generic(field.getValue(), of));
        }
        return map;
    }

    private static Object single(JsonNode node, Class<?> type)
            throws OtherShapeException, ReflectiveOperationException {
        if (type == String.class) {
            require(node.isString());
            return node.stringValue();
        }
        if (type == boolean.class || type == Boolean.class) {
            require(node.isBoolean());
            return node.booleanValue();
        }
        if (type == int.class || type == Integer.class) {
            require(node.isInt());
            return node.intValue();
        }
        if (type == long.class || type == Long.class) {
            require(node.isInt() || node.isLong());
            return node.longValue();
        }
        if (type == double.class || type == Double.class) {
            require(node.isDouble() || node.isInt());
            return node.doubleValue();
        }
        if (type == Instant.class) {
            require(node.isString());
            return PlainInstant.of(node.stringValue()).orElseThrow(OtherShapeException::new);
        }
        require(type.isRecord() && node.isObject());
        return create(node, type);
    }

    private static void require(boolean plain) throws OtherShapeException {
        if (!plain) {
            throw new OtherShapeException();
        }
    }

    private static String snakeCase(String name) {
        StringBuilder snake = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isUpperCase(c)) {
                snake.append('_');
            }
            snake.append(Character.toLowerCase(c));
        }
        return snake.toString();
    }
}

package org.isofleet.protocol.wire;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.pekko.actor.typed.ActorRef;
import org.isofleet.protocol.group.BulkAddress;
import org.isofleet.protocol.group.GroupPlan;
import org.isofleet.protocol.group.Member;
import org.isofleet.protocol.study.AdaptivePlan;
import org.isofleet.protocol.study.DistanceProtocol;
import org.isofleet.protocol.study.EvaluationKind;
import org.isofleet.protocol.study.EvaluationProtocol;
import org.isofleet.protocol.study.EvaluationSpec;
import org.isofleet.protocol.study.FeatureRef;
import org.isofleet.protocol.study.ImageSetRef;
import org.isofleet.protocol.study.LeftOutCell;
import org.isofleet.protocol.study.ModelShape;
import org.isofleet.protocol.study.OptimizerSpec;
import org.isofleet.protocol.study.PlannedRun;
import org.isofleet.protocol.study.ProbeProtocol;
import org.isofleet.protocol.study.RunId;
import org.isofleet.protocol.study.RunPolicy;
import org.isofleet.protocol.study.RunSpec;
import org.isofleet.protocol.study.ScheduleSpec;
import org.isofleet.protocol.study.StudyPlan;
import org.isofleet.protocol.study.WorkerMemory;
import org.jspecify.annotations.Nullable;

/** Arbitrary messages, made by the shape of their records; records that check themselves are made by hand. */
final class RandomMessages {
    private final Random random;
    private final ActorRef<?> actor;

    RandomMessages(long seed, ActorRef<?> actor) {
        this.random = new Random(seed);
        this.actor = actor;
    }

    /** All records below a sealed interface. */
    static List<Class<?>> records(Class<?> type) {
        if (!type.isSealed()) {
            return List.of(type);
        }
        return Arrays.stream(type.getPermittedSubclasses())
                .flatMap(permitted -> records(permitted).stream())
                .toList();
    }

    Object make(Class<?> type) {
        if (type == RunId.class) {
            return new RunId(hex(8));
        } else if (type == ImageSetRef.class) {
            return new ImageSetRef("embedded:" + text(), hex(32), 1 + random.nextInt(1_000_000));
        } else if (type == ModelShape.class) {
            return ModelShape.of(16, random.nextBoolean() ? 1 : 3, 32, 1 + random.nextInt(9), 32, 2);
        } else if (type == OptimizerSpec.class) {
            return OptimizerSpec.of(random.nextDouble() + 1e-9, 0.99);
        } else if (type == ScheduleSpec.class) {
            return new ScheduleSpec(
                    (ScheduleSpec.Shape) make(ScheduleSpec.Shape.class), random.nextInt(10), random.nextDouble(), 0.1);
        } else if (type == RunSpec.class) {
            return runSpec();
        } else if (type == GroupPlan.class) {
            List<Member> members = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                members.add(new Member("w" + i, random.nextLong(), (BulkAddress) make(BulkAddress.class)));
            }
            return new GroupPlan(runSpec(), 1 + random.nextInt(99), members, text(), random.nextDouble());
        } else if (type == EvaluationSpec.class) {
            return new EvaluationSpec(
                    List.of(EvaluationKind.LINEAR_PROBE, EvaluationKind.COMPLETIONS),
                    1,
                    0,
                    2,
                    5,
                    1.5,
                    random.nextLong(),
                    (EvaluationProtocol) make(EvaluationProtocol.class));
        } else if (type == FeatureRef.class) {
            return new FeatureRef("card" + text(), random.nextBoolean() ? "" : hex(32), text());
        } else if (type == EvaluationProtocol.class) {
            return new EvaluationProtocol(
                    (ProbeProtocol) make(ProbeProtocol.class),
                    DistanceProtocol.B,
                    1 + random.nextInt(500),
                    text(),
                    random.nextInt(9),
                    random.nextBoolean(),
                    (FeatureRef) make(FeatureRef.class));
        } else if (type == RunPolicy.class) {
            return new RunPolicy(
                    1,
                    2,
                    Duration.ofNanos(1_000_000L + random.nextInt(1_000_000_000)),
                    Duration.ofDays(2),
                    Duration.ofSeconds(1),
                    Duration.ofHours(2),
                    Duration.ofHours(3),
                    0,
                    random.nextDouble());
        } else if (type == WorkerMemory.class) {
            return new WorkerMemory(
                    random.nextInt(1 << 30), random.nextInt(1 << 30), random.nextInt(1 << 30), 1 << random.nextInt(6));
        } else if (type == StudyPlan.class) {
            return new StudyPlan(
                    "id" + text(),
                    "name" + text(),
                    List.of((PlannedRun) make(PlannedRun.class)),
                    List.of((LeftOutCell) make(LeftOutCell.class)),
                    (EvaluationSpec) make(EvaluationSpec.class),
                    (RunPolicy) make(RunPolicy.class),
                    List.of("a: " + text(), text()),
                    random.nextBoolean() ? (AdaptivePlan) make(AdaptivePlan.class) : null);
        } else if (type == BulkAddress.class) {
            return new BulkAddress("host" + text(), 1 + random.nextInt(65_535));
        }
        return byShape(type);
    }

    private RunSpec runSpec() {
        return new RunSpec(
                (ModelShape) make(ModelShape.class),
                (ImageSetRef) make(ImageSetRef.class),
                new org.isofleet.protocol.study.Budget(1e9 * (1 + random.nextDouble())),
                10 + random.nextInt(100_000),
                16,
                4,
                (OptimizerSpec) make(OptimizerSpec.class),
                (ScheduleSpec) make(ScheduleSpec.class),
                "dl4j",
                "fp32",
                random.nextLong(),
                1 + random.nextInt(1000),
                random.nextBoolean());
    }

    private Object byShape(Class<?> type) {
        if (type == String.class) {
            return text();
        } else if (type == long.class) {
            return random.nextLong();
        } else if (type == int.class) {
            return random.nextInt();
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == double.class || type == Double.class) {
            return random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian();
        } else if (type == ActorRef.class) {
            return actor;
        } else if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        } else if (type.isSealed()) {
            List<Class<?>> records = records(type);
            return make(records.get(random.nextInt(records.size())));
        } else if (type.isRecord()) {
            return record(type);
        }
        throw new IllegalArgumentException("no arbitrary " + type);
    }

    private Object record(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            return type.getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(Arrays.stream(components).map(this::component).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }

    private @Nullable Object component(RecordComponent component) {
        AnnotatedElement annotated = component.getAnnotatedType();
        if (annotated.isAnnotationPresent(Nullable.class) && random.nextBoolean()) {
            return null;
        }
        Type generic = component.getGenericType();
        if (component.getType() == List.class && generic instanceof ParameterizedType list) {
            List<Object> elements = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                elements.add(make(raw(list.getActualTypeArguments()[0])));
            }
            return elements;
        }
        if (component.getType() == Map.class && generic instanceof ParameterizedType map) {
            Map<Object, Object> entries = new HashMap<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                entries.put(make(raw(map.getActualTypeArguments()[0])), make(raw(map.getActualTypeArguments()[1])));
            }
            return entries;
        }
        return make(component.getType());
    }

    private static Class<?> raw(Type type) {
        return (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    }

    private String hex(int bytes) {
        byte[] digits = new byte[bytes];
        random.nextBytes(digits);
        return HexFormat.of().formatHex(digits);
    }

    /** Any text: empty, long, beyond the basic plane. */
    private String text() {
        return random.ints(random.nextInt(200), 1, 0x11_0000)
                .filter(point -> point < 0xD800 || point > 0xDFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}

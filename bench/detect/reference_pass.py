"""Passes of the reference over assets, a dict of checkpoints in memory: over a first file, then over each of the others. Prints what each took, as JSON lines.

    python3 reference_pass.py REFERENCE.PY [FIRST.NDJSON NEXT.NDJSON ...]

Where no file is named, each line that comes in names the next."""
import importlib.util, json, resource, sys, time

spec = importlib.util.spec_from_file_location("reference", sys.argv[1])
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


def hashes(asset):
    return {"content_hash": reference.content_hash(asset), "schema_hash": reference.schema_hash(asset), "metadata_hash": reference.metadata_hash(asset)}


checkpoints = {}
for path in sys.argv[2:] or map(str.strip, iter(sys.stdin.readline, "")):
    started, cpu = time.perf_counter(), time.process_time()
    counts, seen = {}, set()
    with open(path, encoding="utf-8") as assets:
        for line in assets:
            asset = json.loads(line)
            identity = asset["asset_id"]
            seen.add(identity)
            change = reference.classify(checkpoints.get(identity), asset)
            counts[change] = counts.get(change, 0) + 1
            if change is not None:
                checkpoints[identity] = hashes(asset)
    for identity in [known for known in checkpoints if known not in seen]:
        counts["deleted"] = counts.get("deleted", 0) + 1
        del checkpoints[identity]
    print(json.dumps({"ms": (time.perf_counter() - started) * 1000, "cpu_ms": (time.process_time() - cpu) * 1000, "counts": {str(kind): n for kind, n in counts.items()}, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)

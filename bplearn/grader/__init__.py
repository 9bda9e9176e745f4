"""Run a notebook away from the learner's kernel: `worker` runs the answers, `session` asks and judges."""

"""SageMaker training on this machine: jobs that really run their script in a process."""

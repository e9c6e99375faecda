"""The offline AWS account: moto in this process, made honest, with the resources that the stacks create in it."""
